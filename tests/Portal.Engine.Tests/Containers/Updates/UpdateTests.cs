using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers.Updates;

public sealed class UpdateTests : IAsyncLifetime
{
    private const long Megabyte = 1024 * 1024;
    private FakeEngine _engine = null!;

    private IContainerUpdates Updates => _engine.Services.GetRequiredService<IContainerUpdates>();

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Update_Running_SetsAllLimitsAndKeepsThemAcrossEngines()
    {
        var id = await CreateAsync(new RuntimeResources { Memory = 50 * Megabyte, CpuShares = 300 }, start: true);
        await Updates.UpdateAsync(id, new ContainerUpdate
        {
            Resources = new RuntimeResources { Memory = 80 * Megabyte },
            PidsLimit = 12,
            RestartPolicy = new RestartPolicy(RestartPolicyKind.Always),
        });

        var (_, sent) = Assert.Single(_engine.Runtime.Updates);
        Assert.Equal((80 * Megabyte, 300, 12), (sent.Memory, sent.CpuShares, sent.PidsLimit));
        await _engine.RestartAsync();
        var spec = (await _engine.Containers.InspectAsync(id)).Spec;
        Assert.Equal((80 * Megabyte, 100 * Megabyte), (spec.Resources.Memory, spec.Resources.MemorySwap));
        Assert.Equal(RestartPolicyKind.Always, spec.RestartPolicy.Kind);
    }

    [Fact]
    public async Task Update_NotRunning_WaitsForTheNextStart()
    {
        var id = await CreateAsync(new RuntimeResources(), start: false);
        await Updates.UpdateAsync(id, new ContainerUpdate { Resources = new RuntimeResources { NanoCpus = 500_000_000 } });
        Assert.Empty(_engine.Runtime.Updates);

        await _engine.Containers.StartAsync(id);
        Assert.Equal(500_000_000, Assert.Single(_engine.Runtime.Created).Resources.NanoCpus);
    }

    [Fact]
    public async Task Update_RefusedByTheKernel_ChangesNothing()
    {
        var id = await CreateAsync(new RuntimeResources { CpuShares = 300 }, start: true);
        _engine.Runtime.OnUpdate = (_, resources) =>
        {
            if (resources.CpuShares != 300)
            {
                throw EngineException.Conflict("invalid argument");
            }
        };

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Updates.UpdateAsync(id, new ContainerUpdate { Resources = new RuntimeResources { CpuShares = 500 } }));

        Assert.Equal((EngineErrorKind.Conflict, $"Cannot update container {id}: invalid argument"), (failure.Kind, failure.Message));
        Assert.Equal(300, (await _engine.Containers.InspectAsync(id)).Spec.Resources.CpuShares);
        Assert.Equal(300, Assert.Single(_engine.Runtime.Updates).Resources.CpuShares);
    }

    [Fact]
    public async Task Update_AboveTheSwapLimit_IsRefusedInDockersWords()
    {
        var id = await CreateAsync(new RuntimeResources { Memory = 50 * Megabyte }, start: true);

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Updates.UpdateAsync(id, new ContainerUpdate { Resources = new RuntimeResources { Memory = 200 * Megabyte } }));
        await Updates.UpdateAsync(
            id, new ContainerUpdate { Resources = new RuntimeResources { Memory = 200 * Megabyte, MemorySwap = 400 * Megabyte } });

        Assert.Equal(
            $"Cannot update container {id}: Memory limit should be smaller than already set memoryswap limit, "
                + "update the memoryswap at the same time",
            failure.Message);
        Assert.Equal(400 * Megabyte, (await _engine.Containers.InspectAsync(id)).Spec.Resources.MemorySwap);
    }

    [Fact]
    public async Task Update_PolicyOfAContainerThatIsRemovedWithItsEnd_IsRefused()
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", AutoRemove = true })).Id;

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Updates.UpdateAsync(id, new ContainerUpdate { RestartPolicy = new RestartPolicy(RestartPolicyKind.Always) }));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Contains("Restart policy cannot be updated because AutoRemove is enabled for the container", failure.Message);
    }

    [Fact]
    public async Task Update_WithNonsense_TellsEveryProblem()
    {
        var id = await CreateAsync(new RuntimeResources(), start: true);

        var failure = await Assert.ThrowsAsync<EngineException>(() => Updates.UpdateAsync(id, new ContainerUpdate
        {
            Resources = new RuntimeResources { Memory = 1000, NanoCpus = long.MaxValue },
        }));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains("6MB", failure.Message);
        Assert.Contains("CPUs", failure.Message);
    }

    [Fact]
    public async Task Update_Policy_DecidesAboutTheNextEnd()
    {
        var id = await CreateAsync(new RuntimeResources(), start: true);
        await Updates.UpdateAsync(id, new ContainerUpdate { RestartPolicy = new RestartPolicy(RestartPolicyKind.OnFailure, 3) });
        _engine.Runtime.End(id, 1);

        await Portal.Testing.Eventually.HoldsAsync(
            async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Restarting);
    }

    private async Task<string> CreateAsync(RuntimeResources resources, bool start)
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Resources = resources })).Id;
        if (start)
        {
            await _engine.Containers.StartAsync(id);
        }

        return id;
    }
}
