namespace Xeno.Portal.Apps;

/// <summary>What a developer types to register or edit an app.</summary>
public sealed class AppForm
{
    public string? Name { get; set; }

    /// <summary>One redirect URI on each line.</summary>
    public string? RedirectUris { get; set; }

    public string? HomepageUrl { get; set; }

    public string? Description { get; set; }

    /// <summary>Whether the app has a Client Secret; chosen at registration, never changed.</summary>
    public bool HasSecret { get; set; } = true;

    /// <summary>The version of the app that was edited; null: save even if the app was changed in the meantime.</summary>
    public string? Version { get; set; }
}

/// <summary>What is wrong with each field of a form; null: the field is good.</summary>
public sealed record AppFormProblems(string? Name, string? RedirectUris, string? HomepageUrl, string? Description)
{
    public bool Any => Name is not null || RedirectUris is not null || HomepageUrl is not null || Description is not null;
}
