using Portal.Engine.Distribution.Pushing;

namespace Portal.Engine.Tests.Distribution;

public sealed class LayerUploadsTests
{
    private static readonly TimeSpan s_patience = Portal.Testing.TestSettings.Within(TimeSpan.FromSeconds(30));

    [Fact]
    public async Task Begin_OfTheSameTwice_UploadsItOnce()
    {
        var count = 0;
        await using var uploads = new LayerUploads(2, CancellationToken.None);

        for (var time = 0; time < 3; time++)
        {
            uploads.Begin("a", _ => Task.FromResult(Interlocked.Increment(ref count)));
        }

        await uploads.FinishAsync();
        Assert.Equal(1, count);
    }

    [Fact]
    public async Task Begin_BeforeTheOthersAreKnown_UploadsAtOnce()
    {
        var isUploaded = new TaskCompletionSource();
        await using var uploads = new LayerUploads(1, CancellationToken.None);

        uploads.Begin("a", _ =>
        {
            isUploaded.SetResult();
            return Task.CompletedTask;
        });

        await isUploaded.Task.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Begin_OfMany_UploadsNoMoreAtOnceThanAllowed()
    {
        var (now, most) = (0, 0);
        var gate = new Lock();
        await using var uploads = new LayerUploads(3, CancellationToken.None);

        for (var number = 0; number < 40; number++)
        {
            uploads.Begin($"{number}", async _ =>
            {
                Count(1);
                await Task.Yield();
                Count(-1);
            });
        }

        await uploads.FinishAsync();
        Assert.InRange(most, 1, 3);

        void Count(int change)
        {
            lock (gate)
            {
                now += change;
                most = Math.Max(most, now);
            }
        }
    }

    [Fact]
    public async Task FinishAsync_OneFails_StopsTheOthersAndTellsWhy()
    {
        await using var uploads = new LayerUploads(2, CancellationToken.None);
        var isOnItsWay = new TaskCompletionSource();
        uploads.Begin("slow", async token =>
        {
            isOnItsWay.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        await isOnItsWay.Task.WaitAsync(s_patience);
        uploads.Begin("bad", _ => throw new InvalidDataException("The registry refuses it."));

        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => uploads.FinishAsync().WaitAsync(s_patience));

        Assert.Equal("The registry refuses it.", failure.Message);
    }

    [Fact]
    public async Task Begin_AfterAFailure_UploadsNothing()
    {
        await using var uploads = new LayerUploads(1, CancellationToken.None);
        uploads.Begin("bad", _ => throw new InvalidDataException());
        await Assert.ThrowsAsync<InvalidDataException>(() => uploads.FinishAsync().WaitAsync(s_patience));
        var isBegun = false;

        uploads.Begin("late", _ =>
        {
            isBegun = true;
            return Task.CompletedTask;
        });

        await Assert.ThrowsAsync<InvalidDataException>(() => uploads.FinishAsync().WaitAsync(s_patience));
        Assert.False(isBegun);
    }

    [Fact]
    public async Task FinishAsync_Cancelled_Stops()
    {
        using var stop = new CancellationTokenSource();
        await using var uploads = new LayerUploads(1, stop.Token);
        uploads.Begin("slow", token => Task.Delay(Timeout.Infinite, token));

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => uploads.FinishAsync().WaitAsync(s_patience));
    }

    [Fact]
    public async Task DisposeAsync_WhatIsOnItsWay_HasEnded()
    {
        var hasEnded = false;
        var isOnItsWay = new TaskCompletionSource();
        var uploads = new LayerUploads(1, CancellationToken.None);
        uploads.Begin("slow", async token =>
        {
            try
            {
                isOnItsWay.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                hasEnded = true;
            }
        });
        await isOnItsWay.Task.WaitAsync(s_patience);

        await uploads.DisposeAsync().AsTask().WaitAsync(s_patience);

        Assert.True(hasEnded);
    }
}
