using Microsoft.Extensions.Options;

namespace Xeno.Portal.Http;

/// <summary>Settings section <c>Keys</c>: what protects the Data Protection keys in the database.</summary>
public sealed class KeysOptions
{
    public const string Section = "Keys";

    /// <summary>
    /// A PFX file (PKCS #12) with a certificate and its private RSA key. New keys are stored encrypted to it. A relative path starts at the
    /// folder of the <c>appsettings.json</c> in use. Not set: keys are stored as they are.
    /// </summary>
    public string? Certificate { get; set; }

    /// <summary>The password of <see cref="Certificate"/>, and of each of <see cref="PreviousCertificates"/>.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>PFX files that were <see cref="Certificate"/> before: with them the keys of that time are read.</summary>
    public IList<string> PreviousCertificates { get; } = [];
}

internal sealed class KeysOptionsValidation(KeyCertificates certificates) : IValidateOptions<KeysOptions>
{
    public ValidateOptionsResult Validate(string? name, KeysOptions options)
        => certificates.Problems.Count > 0 ? ValidateOptionsResult.Fail(certificates.Problems) : ValidateOptionsResult.Success;
}
