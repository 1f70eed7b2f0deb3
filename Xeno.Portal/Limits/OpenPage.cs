using System.Security.Claims;

namespace Xeno.Portal.Limits;

/// <summary>A limit of <see cref="OpenPages"/>. Each is named like its setting. Checked in this order.</summary>
internal enum OpenPageLimit
{
    OpenPagesPerAccount,
    OpenPagesPerAddress,
    OpenPagesPerNode,
}

/// <summary>Who opens a page.</summary>
/// <param name="Account">Null: nobody is signed in.</param>
internal readonly record struct PageOwner(string Address, string? Account)
{
    public static PageOwner Of(HttpContext context)
        => new(ClientAddress.Of(context), context.User.FindFirstValue(ClaimTypes.NameIdentifier));

    /// <summary>What a limit counts by; null: it does not apply.</summary>
    public string? NameFor(OpenPageLimit limit) => limit switch
    {
        OpenPageLimit.OpenPagesPerAccount => Account,
        OpenPageLimit.OpenPagesPerAddress => Address,
        _ => "",
    };
}

/// <summary>An interactive page, from the start of its circuit until it is removed. Changed by <see cref="OpenPages"/> alone.</summary>
internal sealed class OpenPage(PageOwner owner)
{
    public PageOwner Owner => owner;

    /// <summary>The connection that it has now; null: it has lost its connection, and may come back by another.</summary>
    public OpenConnection? Connection { get; set; }

    /// <summary>False as long as only its place was taken.</summary>
    public bool HasCircuit { get; set; }

    public bool IsClosed { get; set; }
}

/// <summary>A connection of an interactive page. Changed by <see cref="OpenPages"/> alone.</summary>
internal sealed class OpenConnection(PageOwner owner)
{
    public PageOwner Owner => owner;

    /// <summary>Null: none has started on it or come back by it.</summary>
    public OpenPage? Page { get; set; }

    public bool IsOver { get; set; }

    /// <summary>Ends the connection. Set by the hub's filter; null before and after the hub has it.</summary>
    public Action? End { get; set; }
}
