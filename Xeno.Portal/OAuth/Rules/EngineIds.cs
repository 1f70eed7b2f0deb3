namespace Xeno.Portal.OAuth.Rules;

/// <summary>The ids of the engine's own refusals that an app can meet: the end of the engine's <c>error_uri</c>.</summary>
internal static class EngineIds
{
    /// <summary>How the engine's own <c>error_uri</c> begins.</summary>
    public const string Documentation = "https://documentation.openiddict.com/";

    public const string UnknownCode = "ID2001";
    public const string UnknownToken = "ID2004";
    public const string UnknownClient = "ID2052";
    public const string SecretNotWanted = "ID2053";
    public const string WrongSecret = "ID2055";
    public const string MissingSecret = "ID2198";
}
