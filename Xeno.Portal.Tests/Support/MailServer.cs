using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Xeno.Portal.Tests.Support;

/// <summary>A real SMTP server in this process. It keeps what it takes, can be stopped, and starts again on its port.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    public const string User = "portal", Password = "the mail password";

    private readonly ConcurrentQueue<MimeMessage> _received = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _running;
    private Task _server = Task.CompletedTask;

    public int Port { get; } = FreePort.Take();

    /// <summary>What it has taken, in its order.</summary>
    public IReadOnlyCollection<MimeMessage> Received => _received;

    /// <summary>Which log-ins were tried.</summary>
    public ConcurrentQueue<(string User, string Password)> LogIns { get; } = new();

    /// <summary>Whether the mails came on an encrypted connection, one by one.</summary>
    public ConcurrentQueue<bool> WereEncrypted { get; } = new();

    /// <summary>The server's certificate; null: it offers no encryption.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether the connection is encrypted from its first byte.</summary>
    public bool IsSecure { get; init; }

    /// <summary>Whether it takes mails only after a log-in.</summary>
    public bool AsksForLogIn { get; init; }

    /// <summary>Addresses that it does not know.</summary>
    public Func<string, bool> IsUnknown { get; set; } = _ => false;

    /// <summary>A certificate for 127.0.0.1 and localhost that nobody has signed but itself.</summary>
    public static X509Certificate2 SelfMade()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null); // The server needs its key from a PFX.
    }

    public static async Task<MailServer> StartedAsync(MailServer? server = null)
    {
        server ??= new MailServer();
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        var options = new SmtpServerOptionsBuilder().ServerName("mail.example").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).IsSecure(IsSecure).AllowUnsecureAuthentication(Certificate is null);
            if (AsksForLogIn)
                endpoint.AuthenticationRequired();
            if (Certificate is not null)
                endpoint.Certificate(Certificate);
        }).Build();
        var services = new ServiceProvider();
        services.Add(new Store(this));
        services.Add(new Authenticator(this));
        services.Add(new Filter(this));
        _running = new CancellationTokenSource();
        _server = new SmtpServer.SmtpServer(options, services).StartAsync(_running.Token);
        await FreePort.UntilItListensAsync(Port, () => Assert.False(_server.IsCompleted));
    }

    public async Task StopAsync()
    {
        if (_running is null)
            return;
        await _running.CancelAsync();
        await _server.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _running.Dispose();
        _running = null;
    }

    /// <summary>Points <paramref name="portal"/> to this server. Set before its first use.</summary>
    public void UseIn(PortalFactory portal, string security = "None")
    {
        foreach (var (key, value) in Settings(security))
            portal.Settings[key] = value;
    }

    /// <summary>The settings of a portal that sends to this server.</summary>
    public Dictionary<string, string?> Settings(string security) => new()
    {
        ["Mail:Host"] = "127.0.0.1", ["Mail:Port"] = $"{Port}", ["Mail:Security"] = security,
        ["Mail:From"] = "Xeno Portal <portal@example.com>",
        ["Mail:User"] = AsksForLogIn ? User : null, ["Mail:Password"] = AsksForLogIn ? Password : null,
    };

    /// <summary>Waits until it has taken so many mails; gives all.</summary>
    public async Task<IReadOnlyList<MimeMessage>> UntilAsync(int mails)
    {
        while (true)
        {
            var more = Volatile.Read(ref _more).Task;
            if (_received.Count >= mails)
                return [.. _received];
            await more.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private sealed class Store(MailServer server) : MessageStore
    {
        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var bytes = new MemoryStream(buffer.ToArray());
            server.WereEncrypted.Enqueue(context.Pipe.IsSecure);
            server._received.Enqueue(await MimeMessage.LoadAsync(bytes, cancellationToken));
            Interlocked.Exchange(ref server._more, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            return SmtpResponse.Ok;
        }
    }

    private sealed class Authenticator(MailServer server) : UserAuthenticator
    {
        public override Task<bool> AuthenticateAsync(
            ISessionContext context, string user, string password, CancellationToken cancellationToken)
        {
            server.LogIns.Enqueue((user, password));
            return Task.FromResult((user, password) == (User, Password));
        }
    }

    private sealed class Filter(MailServer server) : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(
            ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken)
            => Task.FromResult(!server.IsUnknown($"{to.User}@{to.Host}"));
    }
}
