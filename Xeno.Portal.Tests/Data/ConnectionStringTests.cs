using Xeno.Portal.Data;
using Xeno.Portal.Data.PostgreSql;

namespace Xeno.Portal.Tests.Data;

/// <summary>
/// How the connection strings of operators are read, and what they are told about one that cannot be. No message repeats a value.
/// </summary>
[Trait("Category", "Fast")]
public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("Data Source=a.db;Colour=secret", "Database:ConnectionString has the keyword colour, which SQLite does not know.")]
    [InlineData("Data Source=a.db;Mode=secret", "Database:ConnectionString has a value of the keyword mode that cannot be read.")]
    [InlineData("secret", "Database:ConnectionString cannot be read: write keywords and values, for example Data Source=Data/portal.db")]
    [InlineData("Postgres://xeno:secret@127.0.0.1/xeno",
        "Database:ConnectionString is the address of a PostgreSQL database: set Database:Provider to PostgreSql too.")]
    public void One_for_SQLite_is_refused_in_one_sentence(string text, string sentence)
        => ShouldBeRefused(() => ConnectionStrings.Sqlite(text), sentence);

    [Theory]
    [InlineData("Host=db;Colour=secret", "--to has the keyword colour, which PostgreSQL does not know.")]
    [InlineData("Host=db;Port=secret", "--to has a value of the keyword port that cannot be read.")]
    [InlineData("Host=db;SSL Mode=secret", "--to has a value of the keyword ssl mode that cannot be read.")]
    [InlineData("Host=db;Password=a;secret=b", "--to has a keyword after the password that PostgreSQL does not know: put a password that")]
    [InlineData("Host=db;Password=a;secret", "--to cannot be read: write keywords and values, for example Host=localhost;")]
    [InlineData("Password=secret", "--to names no server: begin it with Host=... for PostgreSQL.")]
    [InlineData("mysql://xeno:secret@db/xeno", "--to cannot be read: ")]
    [InlineData("mysql://xeno:secret@db/xeno?a=b", "--to has a keyword, which PostgreSQL does not know.")]
    [InlineData("postgres://xeno:secret@db/xeno?colour=red", "--to has the keyword colour, which PostgreSQL does not know.")]
    [InlineData("postgres://xeno:secret@db/xeno?sslmode=secret", "--to has a value of the keyword SSL Mode that cannot be read.")]
    [InlineData("postgres://xeno:secret@/xeno", "--to names no server")]
    [InlineData("postgres://xeno:secret%00@db/xeno", "--to has a control character in its address.")]
    public void One_for_PostgreSQL_is_refused_in_one_sentence(string text, string sentence)
        => ShouldBeRefused(() => ConnectionStrings.PostgreSql(text, "--to"), sentence);

    [Theory]
    [InlineData("Host=a:port,b;Password=secret")]
    [InlineData("postgres://xeno:secret@a:port/xeno")]
    [InlineData("Host=db;Password=secret;Minimum Pool Size=200")]
    public void One_whose_values_do_not_fit_is_refused_in_one_sentence(string text)
        => ShouldBeRefused(
            () => PostgreSqlServices.Connect(new DatabaseOptions { ConnectionString = text }),
            "Database:ConnectionString has values that do not fit together, or a port that is not a number.");

    [Theory]
    [InlineData("postgres://xeno@db/portal", "Host=db;Username=xeno;Database=portal")]
    [InlineData(" POSTGRESQL://xeno:p%40ss%3Aword@db.example:6432/portal?sslmode=verify-full&application_name=a%20b&connect_timeout=3 ",
        "Host=db.example:6432;Username=xeno;Password=p@ss:word;Database=portal;SSL Mode=VerifyFull;Application Name=\"a b\";Timeout=3")]
    [InlineData("postgres://xeno:secret@a:5432,b:5433/portal?target_session_attrs=primary&Host%20Recheck%20Seconds=1",
        "Host=a:5432,b:5433;Username=xeno;Password=secret;Database=portal;Target Session Attributes=primary")]
    [InlineData("postgres://[::1]:5432/portal", "Host=[::1]:5432;Database=portal")]
    public void An_address_says_the_same_as_keywords(string address, string keywords)
        => Assert.Equal(new Npgsql.NpgsqlConnectionStringBuilder(keywords).ConnectionString,
            ConnectionStrings.PostgreSql(address).ConnectionString.Replace(";Host Recheck Seconds=1", "", StringComparison.Ordinal));

    private static void ShouldBeRefused(Action read, string sentence)
    {
        var said = Assert.ThrowsAny<DatabaseRefusalException>(read).Message;
        Assert.StartsWith(sentence, said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", said, StringComparison.Ordinal);
    }
}
