using System.Collections;
using System.Collections.Concurrent;

namespace Xeno.Portal.Scopes;

/// <summary>A set of known scopes, in the catalog's order.</summary>
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
    /// Reads a <c>scope</c> parameter: names and aliases separated by spaces. Unknown names are returned in <paramref name="unknown"/>, in
    /// their order, without duplicates; they are never part of the set.
    /// </summary>
    public static ScopeSet Parse(string? text, out IReadOnlyList<string> unknown)
    {
        var names = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        unknown = [.. names.Where(name => ScopeCatalog.Find(name) is null).Distinct(StringComparer.Ordinal)];
        return new ScopeSet(names.Select(ScopeCatalog.Find).OfType<Scope>());
    }

    /// <summary>Reads scopes that the portal stored. Names that are no longer in the catalog are left out.</summary>
    public static ScopeSet FromStored(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return Empty;
        if (s_stored.TryGetValue(text, out var known))
            return known;

        var read = Parse(text, out _);
        // Only texts in canonical form are cached, so the cache has at most one entry for each subset of the catalog.
        if (read.ToString() == text)
            s_stored.TryAdd(text, read);
        return read;
    }

    public static ScopeSet Of(params IEnumerable<Scope> scopes) => new(scopes);

    public bool Contains(Scope scope) => _scopes.Contains(scope);

    /// <summary>Whether every scope of <paramref name="other"/> is in this set.</summary>
    public bool Covers(ScopeSet other) => other._scopes.All(Contains);

    public ScopeSet Union(ScopeSet other) => new(_scopes.Concat(other._scopes));

    public ScopeSet Except(ScopeSet other) => new(_scopes.Where(scope => !other.Contains(scope)));

    public IEnumerable<string> Names => _scopes.Select(scope => scope.Name);

    /// <summary>The form of protocol messages: canonical names separated by spaces.</summary>
    public override string ToString() => _text;

    public bool Equals(ScopeSet? other) => other is not null && _scopes.SequenceEqual(other._scopes);

    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public IEnumerator<Scope> GetEnumerator() => _scopes.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
