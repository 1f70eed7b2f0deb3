using System.ComponentModel.DataAnnotations;
using Xeno.Portal.Text;

namespace Xeno.Portal.Accounts;

/// <summary>The field holds an address that an account can have (<see cref="EmailAddress"/>). An empty field is valid too.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AccountAddressAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
        => value is string text && !string.IsNullOrWhiteSpace(text) && EmailAddress.Read(text).Problem is { } problem
            ? new ValidationResult(problem, [validationContext.MemberName!])
            : ValidationResult.Success;
}
