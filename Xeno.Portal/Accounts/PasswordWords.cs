using Microsoft.AspNetCore.Identity;

namespace Xeno.Portal.Accounts;

/// <summary>What pages say about passwords.</summary>
internal static class PasswordWords
{
    /// <summary>The rule, under the field of a new password.</summary>
    public static string Hint(AccountsOptions options)
        => $"At least {options.PasswordLength} characters. A few words in a row are good.";

    /// <summary>Said while somebody types a password that will be taken.</summary>
    public const string Good = "This one is hard to guess.";

    /// <summary>Why a password was not taken.</summary>
    public static string Of(IdentityError error, AccountsOptions options) => error.Code switch
    {
        nameof(IdentityErrorDescriber.PasswordTooShort) => TooShort(options),
        _ => error.Description,
    };

    /// <summary>Said of a password with too few characters.</summary>
    public static string TooShort(AccountsOptions options)
        => $"The password is too short: use at least {options.PasswordLength} characters.";
}
