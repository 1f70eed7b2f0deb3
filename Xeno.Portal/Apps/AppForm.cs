namespace Xeno.Portal.Apps;

/// <summary>What a developer types to register or edit an app.</summary>
public sealed class AppForm
{
    public string? Name { get; set; }

    /// <summary>One a line.</summary>
    public string? RedirectUris { get; set; }

    public string? HomepageUrl { get; set; }

    public string? Description { get; set; }

    /// <summary>Whether the app can keep a secret; fixed at registration.</summary>
    public bool HasSecret { get; set; } = true;

    /// <summary>The version of the app that was edited; null: whatever is there is overwritten.</summary>
    public string? Version { get; set; }
}

/// <summary>What is wrong with a form, by field; nothing typed is lost.</summary>
public sealed record AppFormProblems(string? Name, string? RedirectUris, string? HomepageUrl, string? Description)
{
    public bool Any => Name is not null || RedirectUris is not null || HomepageUrl is not null || Description is not null;
}
