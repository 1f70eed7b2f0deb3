using System.Reflection;
using Xeno.Portal.Api;
using Xeno.Portal.OAuth;

namespace Xeno.Portal.Tests.OAuth;

/// <summary>The lists of error texts in the code, as the tests of errors enumerate them.</summary>
internal static class ErrorTexts
{
    /// <summary>The texts of the protocol endpoints: constants, properties, and methods that put something of the request in.</summary>
    public static IEnumerable<MemberInfo> OfOAuth => Of(typeof(OAuthErrors)).Where(member => member.Name != nameof(OAuthErrors.Quote));

    /// <summary>The refusals of a bearer token.</summary>
    public static IEnumerable<MemberInfo> OfApi => Of(typeof(ApiRefusals));

    /// <summary>The text as the code writes it: <c>OAuthErrors.MissingCode</c>.</summary>
    public static string NameOf(MemberInfo member) => $"{member.DeclaringType!.Name}.{member.Name}";

    private static IEnumerable<MemberInfo> Of(Type list) => list
        .GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => member is FieldInfo or PropertyInfo or MethodInfo { IsSpecialName: false });
}
