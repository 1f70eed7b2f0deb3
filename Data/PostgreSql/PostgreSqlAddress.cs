namespace Xeno.Portal.Data.PostgreSql;

/// <summary>
/// Reads the address of a database as many hosts of PostgreSQL give it (libpq's connection URI):
/// <c>postgres://user:password@host:port/database?sslmode=require</c>. Several hosts may be named, separated by commas.
/// </summary>
internal static class PostgreSqlAddress
{
    private static readonly string[] s_schemes = ["postgres://", "postgresql://"];

    // The parameters of libpq whose keywords in connection strings are called otherwise. The others are called the same.
    private static readonly Dictionary<string, string> s_keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dbname"] = "Database", ["user"] = "Username", ["sslmode"] = "SSL Mode", ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate", ["sslkey"] = "SSL Key", ["sslpassword"] = "SSL Password",
        ["application_name"] = "Application Name", ["connect_timeout"] = "Timeout", ["keepalives_idle"] = "Tcp Keepalive Time",
        ["channel_binding"] = "Channel Binding", ["target_session_attrs"] = "Target Session Attributes", ["passfile"] = "Passfile",
    };

    public static bool IsOne(string text)
        => s_schemes.Any(scheme => text.TrimStart().StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <summary>The address as keywords and values of a connection string.</summary>
    /// <exception cref="ConnectionStringRefusedException">It cannot be read.</exception>
    public static List<KeyValuePair<string, string>> Read(string text, string source)
    {
        var (before, query) = Split(text.Trim(), '?');
        var (server, database) = Split(before[(before.IndexOf("//", StringComparison.Ordinal) + 2)..], '/');
        var at = server.LastIndexOf('@');
        var (user, password) = Split(at < 0 ? "" : server[..at], ':');

        List<KeyValuePair<string, string>> read = [];
        Add("Host", server[(at + 1)..]);
        Add("Username", user);
        Add("Password", password);
        Add("Database", database);
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(parameter, '=');
            name = Uri.UnescapeDataString(name);
            var keyword = s_keywords.GetValueOrDefault(name, name);
            Add(keyword, keyword is "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value);
        }

        return read;

        void Add(string keyword, string value)
        {
            if (value.Length > 0)
                read.Add(KeyValuePair.Create(keyword, Decoded(value, source)));
        }
    }

    private static string Decoded(string value, string source)
    {
        var decoded = Uri.UnescapeDataString(value);
        return decoded.Any(char.IsControl)
            ? throw new ConnectionStringRefusedException($"{source} has a control character in its address.")
            : decoded;
    }

    private static (string Before, string After) Split(string text, char at)
        => text.IndexOf(at) is >= 0 and var index ? (text[..index], text[(index + 1)..]) : (text, "");
}
