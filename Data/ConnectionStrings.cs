using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xeno.Portal.Data.PostgreSql;

namespace Xeno.Portal.Data;

/// <summary>
/// Reads the connection strings that operators write. What is wrong with one is said in one sentence without any value of it, because a
/// value may be a password.
/// </summary>
internal static class ConnectionStrings
{
    private static readonly string[] s_passwords = ["password", "pwd", "psw"];

    /// <summary>The setting that most of them come from.</summary>
    public const string Setting = "Database:ConnectionString";

    /// <summary>Reads one for PostgreSQL: keywords and values, or an address that begins with <c>postgres://</c>.</summary>
    /// <param name="text">What the operator wrote.</param>
    /// <param name="source">The setting or option that it comes from, for the message.</param>
    /// <exception cref="ConnectionStringRefusedException">It cannot be read.</exception>
    public static NpgsqlConnectionStringBuilder PostgreSql(string text, string source = Setting)
    {
        var pairs = PostgreSqlAddress.IsOne(text)
            ? PostgreSqlAddress.Read(text, source)
            : Pairs(text, source, "Host=localhost;Database=xeno;Username=xeno;Password=...");
        var builder = new NpgsqlConnectionStringBuilder();
        SetAll(builder, pairs, source, "PostgreSQL");
        return string.IsNullOrEmpty(builder.Host)
            ? throw new ConnectionStringRefusedException($"{source} names no server: begin it with Host=... for PostgreSQL.")
            : builder;
    }

    /// <summary>Reads one for SQLite.</summary>
    /// <inheritdoc cref="PostgreSql" />
    public static SqliteConnectionStringBuilder Sqlite(string text, string source = Setting)
    {
        if (PostgreSqlAddress.IsOne(text))
            throw new ConnectionStringRefusedException(
                $"{source} is the address of a PostgreSQL database: set Database:Provider to PostgreSql too.");

        var builder = new SqliteConnectionStringBuilder();
        SetAll(builder, Pairs(text, source, "Data Source=Data/portal.db"), source, "SQLite");
        return builder;
    }

    private static List<KeyValuePair<string, string>> Pairs(string text, string source, string example)
    {
        var read = new DbConnectionStringBuilder();
        try
        {
            read.ConnectionString = text;
        }
        catch (ArgumentException)
        {
            throw new ConnectionStringRefusedException(
                $"{source} cannot be read: write keywords and values, for example {example}, and put a value that has a semicolon or a "
                + "quotation mark in quotation marks.");
        }

        return [.. read.Cast<KeyValuePair<string, object>>().Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString() ?? ""))];
    }

    private static void SetAll(
        DbConnectionStringBuilder builder, IEnumerable<KeyValuePair<string, string>> pairs, string source, string database)
    {
        var before = "";
        foreach (var (keyword, value) in pairs)
        {
            if (!builder.ContainsKey(keyword))
                throw new ConnectionStringRefusedException(s_passwords.Contains(before)
                    ? $"{source} has a keyword after the password that {database} does not know: put a password that has a semicolon in "
                        + "quotation marks."
                    : $"{source} has {Named(keyword)}, which {database} does not know.");
            before = keyword;
            try
            {
                builder[keyword] = value;
            }
            catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or OverflowException
                or InvalidOperationException or NotSupportedException)
            {
                throw new ConnectionStringRefusedException($"{source} has a value of {Named(keyword)} that cannot be read.");
            }
        }
    }

    /// <summary>A keyword by its name. What does not look like one may be a part of a password.</summary>
    private static string Named(string keyword)
        => keyword.Length <= 40 && keyword.All(letter => char.IsAsciiLetter(letter) || letter is ' ' or '_')
            ? $"the keyword {keyword}"
            : "a keyword";
}

/// <summary>The connection string cannot be read.</summary>
public sealed class ConnectionStringRefusedException(string message) : DatabaseRefusalException(message);
