using Microsoft.Extensions.Logging.Abstractions;
using Portal.Testing.Engine;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Tests.Audit;

public sealed class BoundedAuditLogTests : IDisposable
{
    private static readonly Actor s_mallory = new(Guid.NewGuid(), "mallory", "192.0.2.7");
    private readonly FakeTimeProvider _time = new();
    private readonly List<AuditEntry> _written = [];
    private readonly BoundedAuditLog _log;
    private Exception? _failure;

    public BoundedAuditLogTests()
    {
        _log = new BoundedAuditLog(null!, _time, NullLogger<BoundedAuditLog>.Instance)
        {
            Write = (entry, _) =>
            {
                if (_failure is { } failure)
                {
                    return Task.FromException(failure);
                }

                _written.Add(entry);
                return Task.CompletedTask;
            },
        };
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Write_RefusedOverAndOver_IsOneEntryAndOneCountAMinute()
    {
        for (var call = 0; call < 1000; call++)
        {
            await DenyAsync("containers.exec");
        }

        Assert.Equal("", Assert.Single(_written).Detail);

        _time.Advance(TimeSpan.FromMinutes(1));
        await _log.FlushAsync(_time.GetUtcNow());
        await _log.FlushAsync(_time.GetUtcNow());

        Assert.Equal(2, _written.Count);
        Assert.StartsWith("refused 999 times more in the minute until ", _written[1].Detail);
        Assert.Equal((s_mallory, "containers.exec", AuditOutcome.Denied), (_written[1].Actor, _written[1].Action, _written[1].Outcome));

        await DenyAsync("containers.exec");
        Assert.Equal((3, ""), (_written.Count, _written[2].Detail));
    }

    [Fact]
    public async Task Write_NextMinuteWithoutAFlush_TheCountComesBeforeTheNewEntry()
    {
        await DenyAsync("images.push");
        await DenyAsync("images.push");
        _time.Advance(TimeSpan.FromMinutes(1));

        await DenyAsync("images.push");

        Assert.Equal(3, _written.Count);
        Assert.StartsWith("refused once more in the minute until ", _written[1].Detail);
        Assert.Equal("", _written[2].Detail);
    }

    [Fact]
    public async Task Write_OtherCallersActionsAndOutcomes_AreEachOnRecord()
    {
        await DenyAsync("containers.exec");
        await DenyAsync("images.push");
        await DenyAsync("containers.exec", s_mallory with { UserId = Guid.NewGuid() });
        await DenyAsync("containers.exec", s_mallory with { Address = "192.0.2.8" });
        for (var call = 0; call < 3; call++)
        {
            await _log.WriteAsync(Entry("container.start", s_mallory, AuditOutcome.Failed), default);
            await _log.WriteAsync(Entry("container.start", s_mallory, AuditOutcome.Succeeded), default);
        }

        Assert.Equal(10, _written.Count);
    }

    [Fact]
    public async Task Write_CallersWithoutEnd_AreCountedTogether()
    {
        for (var number = 0; number < BoundedAuditLog.MostCounted + 500; number++)
        {
            await DenyAsync("node.join", new Actor(Guid.Empty, "", $"2001:db8::{number:x}"));
        }

        Assert.Equal(BoundedAuditLog.MostCounted + 1, _written.Count);
        await _log.StopAsync(default);
        Assert.StartsWith("refused 499 times more", _written[^1].Detail);
    }

    [Fact]
    public async Task Write_DatabaseIsAway_TheNextIsWrittenAtOnce()
    {
        _failure = new InvalidOperationException("away");
        await Assert.ThrowsAsync<InvalidOperationException>(() => DenyAsync("containers.exec"));

        _failure = null;
        await DenyAsync("containers.exec");

        Assert.Single(_written);
    }

    /// <summary>A portal and its database are often stopped together.</summary>
    [Fact]
    public async Task Stop_DatabaseIsAway_IsNoFailureOfThePortal()
    {
        await DenyAsync("containers.exec");
        await DenyAsync("containers.exec");
        _failure = new InvalidOperationException("away");

        await _log.StopAsync(default);

        Assert.Single(_written);
    }

    [Fact]
    public async Task Write_CallerHangsUp_TheRefusalIsOnRecordAllTheSame()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await _log.WriteAsync(Entry("containers.exec", s_mallory, AuditOutcome.Denied), gone.Token);

        Assert.Single(_written);
    }

    [Theory]
    [InlineData("", null, "")]
    [InlineData("tag 1.2", null, "tag 1.2")]
    [InlineData("", "no such image", "no such image")]
    [InlineData("tag 1.2", "no such image", "tag 1.2: no such image")]
    public void Join_OfDetailAndError_KeepsBoth(string detail, string? error, string joined) =>
        Assert.Equal(joined, AuditEntry.Join(detail, error));

    private Task DenyAsync(string action, Actor? actor = null) =>
        _log.WriteAsync(Entry(action, actor ?? s_mallory, AuditOutcome.Denied), default);

    private static AuditEntry Entry(string action, Actor actor, AuditOutcome outcome) =>
        new(actor, action, "permission", action, action, null, outcome);
}
