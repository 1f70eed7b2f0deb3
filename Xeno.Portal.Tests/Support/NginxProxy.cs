using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Xeno.Portal.Tests.Support;

/// <summary>
/// Debian's nginx with the file for operators, <c>deploy/nginx/xeno-portal.conf</c>. Only its ports, its name and its certificate are
/// replaced by values for a test.
/// </summary>
public sealed class NginxProxy : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-nginx-").FullName;
    private Process? _nginx;

    private NginxProxy(int https, int http) => (Origin, PlainOrigin) = ($"https://localhost:{https}", $"http://localhost:{http}");

    /// <summary>The public origin.</summary>
    public string Origin { get; }

    /// <summary>Where it answers over plain HTTP.</summary>
    public string PlainOrigin { get; }

    /// <summary>The certificate of the proxy; only the test trusts it.</summary>
    public X509Certificate2 Certificate { get; private set; } = null!;

    /// <summary>Starts one in front of two nodes on these ports of this machine.</summary>
    public static async Task<NginxProxy> StartAsync(int firstNode, int secondNode)
    {
        var (https, http) = (FreePort.Take(), FreePort.Take());
        var proxy = new NginxProxy(https, http);
        proxy.MakeCertificate();

        var site = await File.ReadAllTextAsync(Path.Combine(SourceTree.Top, "deploy", "nginx", "xeno-portal.conf"));
        foreach (var (given, mine) in ((string, string)[])
                 [
                     ("127.0.0.1:5081", $"127.0.0.1:{firstNode}"), ("127.0.0.1:5082", $"127.0.0.1:{secondNode}"),
                     ("listen 443 ssl", $"listen 127.0.0.1:{https} ssl"), ("listen 80", $"listen 127.0.0.1:{http}"),
                     ("portal.example.com", "localhost"), ("/etc/ssl/xeno-portal", proxy._folder), ("/var/log/nginx", proxy._folder),
                 ])
        {
            Assert.Contains(given, site, StringComparison.Ordinal);
            site = site.Replace(given, mine, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(Path.Combine(proxy._folder, "site.conf"), site);
        await File.WriteAllTextAsync(Path.Combine(proxy._folder, "nginx.conf"), $$"""
            pid {{proxy._folder}}/nginx.pid;
            error_log {{proxy._folder}}/error.log;
            daemon off;
            events { }
            http {
                access_log off;
                client_body_temp_path {{proxy._folder}}/body;
                proxy_temp_path {{proxy._folder}}/proxy;
                fastcgi_temp_path {{proxy._folder}}/fastcgi;
                uwsgi_temp_path {{proxy._folder}}/uwsgi; scgi_temp_path {{proxy._folder}}/scgi;
                include {{proxy._folder}}/site.conf;
            }
            """);
        proxy._nginx = Process.Start("/usr/sbin/nginx",
        [
            "-p", proxy._folder,
            "-c", Path.Combine(proxy._folder, "nginx.conf"),
            "-e", Path.Combine(proxy._folder, "error.log"),
        ]);
        await proxy.UntilItListensAsync(https);
        await proxy.UntilItListensAsync(http); // It opens its ports one after the other.
        return proxy;
    }

    /// <summary>A client that trusts the proxy's certificate, and shows redirects instead of following them.</summary>
    public HttpClient Client()
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback
            = (_, certificate, _, _) => certificate?.GetCertHashString() == Certificate.GetCertHashString();
        return new HttpClient(handler) { BaseAddress = new Uri(Origin) };
    }

    /// <summary>Lets it finish its requests and end; gives what it has written to the two logs of the file for operators.</summary>
    public async Task<string> StopAsync()
    {
        using (var signal = Process.Start("sh", ["-c", $"kill -QUIT {_nginx!.Id}"]))
            await signal.WaitForExitAsync();
        await _nginx.WaitForExitAsync();
        return await File.ReadAllTextAsync(Path.Combine(_folder, "xeno-portal.log"))
            + await File.ReadAllTextAsync(Path.Combine(_folder, "xeno-portal-error.log"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            _nginx.Kill(entireProcessTree: true);
            await _nginx.WaitForExitAsync();
            _nginx.Dispose();
        }

        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task UntilItListensAsync(int port) => FreePort.UntilItListensAsync(port, () =>
    {
        if (_nginx!.HasExited)
            throw new InvalidOperationException($"nginx did not start: {File.ReadAllText(Path.Combine(_folder, "error.log"))}");
    });

    private void MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "fullchain.pem"), Certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
