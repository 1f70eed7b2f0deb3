using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Http;

/// <summary>The key ring, encrypted to a certificate of the operator. Each portal is the next start on the first one's database.</summary>
[Trait("Category", "Operations")]
public sealed class KeyCertificateTests(PostgreSqlCluster cluster) : IDisposable
{
    private const string Password = "pfx password";

    private readonly string _folder = Directory.CreateTempSubdirectory("xeno-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task With_a_certificate_no_key_can_be_read_from_the_database()
    {
        await using var first = Portal(Pfx("first"));
        var kept = Protector(first).Protect("kept");

        var key = Assert.Single(await KeysAsync(first));
        Assert.Contains("EncryptedXmlDecryptor", key, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", key, StringComparison.Ordinal);
        Assert.DoesNotContain("No XML encryptor configured", first.Log.Text, StringComparison.Ordinal);

        await using var second = Next(first, Pfx("first"));
        Assert.Equal("kept", Protector(second).Unprotect(kept));
        Assert.Equal([key], await KeysAsync(second));
    }

    /// <summary>Otherwise the portal would quietly begin a new ring: everybody is signed out, and no secret can be revealed.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task Without_the_certificate_of_the_keys_the_start_is_refused(string? certificate)
    {
        await using var first = Portal(Pfx("first"));
        Protector(first).Protect("kept");

        (await StartAsync(Next(first, certificate is null ? null : Pfx(certificate)))).ShouldBeRefused(
            "Keys:Certificate or Keys:PreviousCertificates must name the PFX file of the certificate CN=first (SHA-1 ");

        Assert.Single(await KeysAsync(first));
    }

    [Fact]
    public async Task Keys_from_before_the_certificate_stay_readable_and_the_next_key_is_encrypted()
    {
        await using var first = Portal(null);
        var kept = Protector(first).Protect("kept");
        var plain = Assert.Single(await KeysAsync(first));
        Assert.Contains("masterKey", plain, StringComparison.Ordinal);

        for (var start = 0; start < 2; start++)
        {
            await using var next = Next(first, Pfx("first"));
            Assert.Equal("kept", Protector(next).Unprotect(kept));
        }

        var keys = await KeysAsync(first);
        Assert.Equal(2, keys.Count);
        Assert.Equal(plain, keys[0]);
        Assert.Contains("EncryptedXmlDecryptor", keys[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_certificate_encrypts_the_next_key_and_the_previous_one_still_opens_the_old()
    {
        await using var first = Portal(Pfx("first"));
        var kept = Protector(first).Protect("kept");

        await using var second = Next(first, Pfx("second"), Pfx("first"));
        Assert.Equal("kept", Protector(second).Unprotect(kept));
        Assert.Equal(2, (await KeysAsync(second)).Count);

        await using var plain = Next(first, null, Pfx("first"), Pfx("second"));
        Assert.Equal("kept", Protector(plain).Unprotect(kept));
        Assert.Equal(2, (await KeysAsync(plain)).Count);
    }

    [Fact]
    public async Task Two_nodes_with_the_certificate_take_each_others_cookies_and_a_node_without_it_does_not_start()
    {
        await using var store = new PostgreSqlPortal(cluster);
        await using var here = await store.BlankAsync();
        here.Settings["Keys:Certificate"] = Pfx("first");
        here.Settings["Keys:CertificatePassword"] = Password;
        await using var there = here.Beside();
        var browser = await here.BrowserOfAsync(await here.AccountAsync());
        var (name, value) = await there.SessionCookieAsync(await there.AccountAsync());
        var browserOfThere = here.Browser();
        browserOfThere.Cookies().Add(new Cookie(name, value, "/", "localhost"));

        Assert.Equal(HttpStatusCode.OK, (await there.CopyOf(browser).GetAsync("/apps")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browserOfThere.GetAsync("/apps")).StatusCode);

        Assert.Contains("EncryptedXmlDecryptor", Assert.Single(await KeysAsync(there)), StringComparison.Ordinal);
        (await StartAsync(Next(here, null))).ShouldBeRefused(
            "Keys:Certificate or Keys:PreviousCertificates must name the PFX file of the certificate CN=first (SHA-1 ");
    }

    [Fact]
    public async Task A_wrong_password_ends_the_start_with_one_sentence()
    {
        await using var portal = Portal(Pfx("first"));
        portal.Settings["Keys:CertificatePassword"] = "wrong";

        (await StartAsync(portal)).ShouldBeRefused($"Keys:Certificate '{Pfx("first")}' cannot be opened with Keys:CertificatePassword: ");
    }

    [Fact]
    public async Task A_certificate_without_an_RSA_key_ends_the_start_with_one_sentence()
    {
        var file = Path.Combine(_folder, "ec.pfx");
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=ec", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, Password), TestContext.Current.CancellationToken);
        await using var portal = Portal(file);

        (await StartAsync(portal)).ShouldBeRefused(
            $"Keys:Certificate must be a PFX file with a certificate and its private RSA key; '{file}' has no such key.");
    }

    /// <summary>The program with the settings of this portal.</summary>
    private static Task<PortalProgram.Ended> StartAsync(PortalFactory portal)
        => PortalProgram.RunAsync([], portal.SettingsBeside().Select(setting => (setting.Key, setting.Value)));

    private static PortalFactory Portal(string? certificate)
        => new() { Settings = { ["Keys:Certificate"] = certificate, ["Keys:CertificatePassword"] = Password } };

    private static PortalFactory Next(PortalFactory first, string? certificate, params string[] previous)
    {
        var next = first.Beside();
        next.Settings["Keys:Certificate"] = certificate;
        for (var i = 0; i < previous.Length; i++)
            next.Settings[$"Keys:PreviousCertificates:{i}"] = previous[i];
        return next;
    }

    private static IDataProtector Protector(PortalFactory portal)
        => portal.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static Task<List<string>> KeysAsync(PortalFactory portal) => portal.AskDatabaseAsync(
        database => database.DataProtectionKeys.OrderBy(key => key.Id).Select(key => key.Xml!).ToListAsync());

    /// <summary>The PFX file of a certificate with that name, made when it is first asked for.</summary>
    private string Pfx(string name)
    {
        var file = Path.Combine(_folder, name + ".pfx");
        if (File.Exists(file))
            return file;

        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, Password));
        return file;
    }
}
