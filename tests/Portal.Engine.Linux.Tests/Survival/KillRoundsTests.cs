using Portal.Testing;
using Portal.Testing.Survival;

namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>An engine without an agent around it is killed over and over.</summary>
[Trait("Area", "survival")]
public sealed class KillRoundsTests : IAsyncLifetime
{
    private KillableTestHost Engine { get; set; } = null!;

    public async Task InitializeAsync() => Engine = await KillableTestHost.StartAsync();

    public async Task DisposeAsync() => await Engine.DisposeAsync();

    [Fact]
    public Task Kill_DuringEveryStep_NothingIsLostOrDoubledOrLeft() =>
        new KillRounds(Engine).RunAsync(TestSettings.Rounds(4, 20), TestSettings.Rounds(KillRounds.Steps.Count, 105));
}
