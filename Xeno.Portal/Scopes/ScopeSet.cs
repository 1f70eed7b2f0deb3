using System.Collections;
using System.Collections.Concurrent;

namespace Xeno.Portal.Scopes;

/// <summary>Some of the known scopes, each once, in the catalog's order.</summary>
public sealed class ScopeSet : IReadOnlyCollection<Scope>, IEquatable<ScopeSet>
{
    private static readonly ConcurrentDictionary<string, ScopeSet> s_stored = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<Scope> _scopes;
    private readonly string _text;

    private ScopeSet(IEnumerable<Scope> scopes)
    {
        var wanted = scopes.ToHashSet();
        _scopes = [.. ScopeCatalog.All.Where(wanted.Contains)];
        _text = string.Join(' ', Names);
    }

    public static ScopeSet Empty { get; } = new([]);

    public int Count => _scopes.Count;

    /// <summary>
    /// Reads a <c>scope</c> parameter: names and aliases between spaces. Names that are not known come back in
    /// <paramref name="unknown"/>, in their order, each once; they are never part of the set.
    /// </summary>
    public static ScopeSet Parse(string? text, out IReadOnlyList<string> unknown)
    {
        var names = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        unknown = [.. names.Where(name => ScopeCatalog.Find(name) is null).Distinct(StringComparer.Ordinal)];
        return new ScopeSet(names.Select(ScopeCatalog.Find).OfType<Scope>());
    }

    /// <summary>Reads what the portal itself stored; a name that has since left the catalog is dropped.</summary>
    public static ScopeSet FromStored(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Empty;
        if (s_stored.TryGetValue(text, out var known))
            return known;

        var read = Parse(text, out _);
        // There are as many as the catalog has subsets; anything else was put together for one request.
        if (read.ToString() == text)
            s_stored.TryAdd(text, read);
        return read;
    }

    public static ScopeSet Of(params IEnumerable<Scope> scopes) => new(scopes);

    public bool Contains(Scope scope) => _scopes.Contains(scope);

    /// <summary>True when every scope of <paramref name="other"/> is in this set.</summary>
    public bool Covers(ScopeSet other) => other._scopes.All(Contains);

    public ScopeSet Union(ScopeSet other) => new(_scopes.Concat(other._scopes));

    public ScopeSet Except(ScopeSet other) => new(_scopes.Where(scope => !other.Contains(scope)));

    public IEnumerable<string> Names => _scopes.Select(scope => scope.Name);

    /// <summary>As protocol messages carry it: canonical names with a space between.</summary>
    public override string ToString() => _text;

    public bool Equals(ScopeSet? other) => other is not null && _scopes.SequenceEqual(other._scopes);

    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public IEnumerator<Scope> GetEnumerator() => _scopes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
