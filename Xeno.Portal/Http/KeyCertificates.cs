using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;

namespace Xeno.Portal.Http;

/// <summary>
/// The certificates of <see cref="KeysOptions"/>. They are loaded while the host is built, because the framework takes them only then; what
/// is wrong with a file ends the start, like any other wrong setting.
/// </summary>
internal sealed class KeyCertificates
{
    private readonly List<string> _problems = [];
    private readonly List<X509Certificate2> _all = [];
    private readonly X509Certificate2? _current;

    public KeyCertificates(KeysOptions options, string settingsFolder)
    {
        if (!string.IsNullOrEmpty(options.Certificate))
            _current = Load("Keys:Certificate", options.Certificate);
        foreach (var file in options.PreviousCertificates)
            Load("Keys:PreviousCertificates", file);

        X509Certificate2? Load(string key, string file)
        {
            try
            {
                var certificate = X509CertificateLoader.LoadPkcs12(
                    File.ReadAllBytes(Path.GetFullPath(file, settingsFolder)), options.CertificatePassword);
                using var rsa = certificate.GetRSAPrivateKey();
                if (rsa is not null)
                {
                    _all.Add(certificate);
                    return certificate;
                }

                _problems.Add($"{key} must be a PFX file with a certificate and its private RSA key; '{file}' has no such key.");
            }
            catch (CryptographicException failure)
            {
                _problems.Add($"{key} '{file}' cannot be opened with Keys:CertificatePassword: {OneLine(failure)}");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _problems.Add($"{key} cannot be read: {OneLine(failure)}");
            }

            return null;
        }
    }

    /// <summary>One sentence for each file that cannot be used.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Whether new keys are encrypted.</summary>
    public bool Protect => _current is not null;

    /// <summary>Gives the certificates to the framework: the current one encrypts, all of them decrypt.</summary>
    public void AddTo(IDataProtectionBuilder keys)
    {
        if (_current is not null)
            keys.ProtectKeysWithCertificate(_current);
        keys.UnprotectKeysWithAnyCertificate([.. _all]);
    }

    /// <summary>Whether a stored key is encrypted to the current certificate.</summary>
    public bool AreProtecting(XElement key) => RecipientsOf(key).Any(recipient => recipient.Equals(_current));

    /// <summary>The certificate that is needed to read a stored key, if it is none of these; null: the key can be read.</summary>
    public string? MissingFor(XElement key)
        => RecipientsOf(key).ToList() is { Count: > 0 } recipients && !recipients.Any(_all.Contains)
            ? $"{recipients[0].Subject} (SHA-1 {recipients[0].Thumbprint})"
            : null;

    // An encrypted key names its certificate (XML Encryption, X509Data).
    private static IEnumerable<X509Certificate2> RecipientsOf(XElement key)
        => key.Descendants().Where(element => element.Name.LocalName == "X509Certificate")
            .Select(element => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(element.Value)));

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
