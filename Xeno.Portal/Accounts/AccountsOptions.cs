using System.ComponentModel.DataAnnotations;

namespace Xeno.Portal.Accounts;

/// <summary>Settings section <c>Accounts</c>.</summary>
public sealed class AccountsOptions
{
    public const string Section = "Accounts";

    /// <summary>The fewest characters of a password. Length protects; composition rules do not (NIST SP 800-63B §5.1.1).</summary>
    [Range(8, 128, ErrorMessage = "Accounts:PasswordLength must be between 8 and 128.")]
    public int PasswordLength { get; set; } = 8;

    /// <summary>After how many wrong passwords in a row an account is locked for <see cref="LockoutTime"/>.</summary>
    [Range(3, 100, ErrorMessage = "Accounts:LockoutAfter must be between 3 and 100.")]
    public int LockoutAfter { get; set; } = 10;

    /// <summary>How long a lockout lasts.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "24:00:00", ErrorMessage = "Accounts:LockoutTime must be between 00:00:10 and 24:00:00.")]
    public TimeSpan LockoutTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long "Remember me" keeps a person signed in without a visit.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00", ErrorMessage = "Accounts:RememberFor must be between 01:00:00 and 90.00:00:00.")]
    public TimeSpan RememberFor { get; set; } = TimeSpan.FromDays(14);
}
