using Microsoft.Extensions.Logging.Abstractions;
using Xeno.Portal.Lifecycle;

namespace Xeno.Portal.Tests.Lifecycle;

/// <summary>One round of pruning: batch by batch until nothing is left, kind by kind.</summary>
[Trait("Category", "Fast")]
public sealed class PruningRoundTests
{
    [Fact]
    public async Task A_round_removes_all_rows_of_every_kind()
    {
        Heap[] heaps = [new(0), new(1_000), new(3)];
        using var pruning = new Pruning(heaps, TimeProvider.System, NullLogger<Pruning>.Instance);

        await pruning.PruneAsync(TestContext.Current.CancellationToken);

        Assert.All(heaps, heap => Assert.Equal(0, heap.Left));
        Assert.True(heaps[1].Batches > 2, $"{heaps[1].Batches} batches");
        Assert.Equal(1, heaps[2].Batches);
    }

    [Fact]
    public async Task A_round_that_is_stopped_leaves_the_rest()
    {
        using var stop = new CancellationTokenSource();
        var heap = new Heap(1_000) { OnRemove = stop.Cancel };
        using var pruning = new Pruning([heap], TimeProvider.System, NullLogger<Pruning>.Instance);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pruning.PruneAsync(stop.Token));

        Assert.Equal(1, heap.Batches);
    }

    /// <summary>Counts rows instead of deleting them.</summary>
    private sealed class Heap(int rows) : IPrunableRows
    {
        public string Kind => "heap";

        public int Left { get; private set; } = rows;

        public int Batches { get; private set; }

        public Action OnRemove { get; init; } = () => { };

        public Task<int> RemoveAsync(int most)
        {
            var found = Math.Min(most, Left);
            Left -= found;
            Batches++;
            OnRemove();
            return Task.FromResult(found);
        }
    }
}
