using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Xeno.Portal.Tests.Support;

namespace Xeno.Portal.Tests.Accounts;

/// <summary>How passwords are stored. Other tests hash with few rounds; these with all of them.</summary>
[Trait("Category", "Fast")]
public sealed class PasswordHashTests
{
    [Fact]
    public async Task A_password_is_hashed_with_a_salt_of_its_own_and_a_hundred_thousand_rounds_of_HMAC_SHA512()
    {
        await using var portal = new PortalFactory { HashesAsInProduction = true };
        var (one, other) = (await HashOfAsync(portal), await HashOfAsync(portal));

        // Identity's third format: a mark, the function (2: HMAC-SHA512), the rounds, the size of the salt, the salt, the key.
        foreach (var hash in (byte[][])[one, other])
        {
            Assert.Equal(1, hash[0]);
            Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
            Assert.True(BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)) >= 100_000);
        }

        Assert.NotEqual(one, other);
    }

    private static async Task<byte[]> HashOfAsync(PortalFactory portal)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        Assert.Equal("/apps", (await portal.Browser().RegisterAsync(email)).LeadsTo());
        return Convert.FromBase64String((await portal.AskDatabaseAsync(database
            => database.Accounts.Where(account => account.Email == email).Select(account => account.PasswordHash).SingleAsync()))!);
    }
}
