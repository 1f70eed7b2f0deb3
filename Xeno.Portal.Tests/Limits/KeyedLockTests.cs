using Xeno.Portal.Limits;

namespace Xeno.Portal.Tests.Limits;

[Trait("Category", "Fast")]
public sealed class KeyedLockTests
{
    [Fact]
    public async Task One_caller_at_a_time_is_inside_with_a_key_and_no_key_is_kept_afterwards()
    {
        var locks = new KeyedLock();
        var first = await locks.EnterAsync("a");

        var second = locks.EnterAsync("a");
        using (await locks.EnterAsync("b"))
            Assert.Equal((false, 2), (second.IsCompleted, locks.Count));
        first.Dispose();
        (await second).Dispose();

        Assert.Equal(0, locks.Count);
    }
}
