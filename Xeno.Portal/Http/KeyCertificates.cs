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
    public bool HasEncrypted(XElement key) => RecipientsOf(key).Any(recipient => IsSame(_current, recipient));

    /// <summary>The certificate that is needed to read a stored key, if it is none of these; null: the key can be read.</summary>
    public string? MissingFor(XElement key)
    {
        var recipients = RecipientsOf(key).ToList();
        if (recipients.Count == 0 || recipients.Any(recipient => _all.Any(certificate => IsSame(certificate, recipient))))
            return null;

        using var missing = X509CertificateLoader.LoadCertificate(recipients[0]);
        return $"{missing.Subject} (SHA-1 {missing.Thumbprint})";
    }

    // An encrypted key has its certificate beside it (XML Encryption, X509Data).
    private static IEnumerable<byte[]> RecipientsOf(XElement key)
        => key.Descendants().Where(element => element.Name.LocalName == "X509Certificate")
            .Select(element => Convert.FromBase64String(element.Value));

    private static bool IsSame(X509Certificate2? certificate, byte[] other) => certificate?.RawData.AsSpan().SequenceEqual(other) == true;

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
