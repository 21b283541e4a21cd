using Portal.Engine.Containers.Sizes;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Sizes as a test puts them, on layers of 1000 bytes, and a record of who was asked for.</summary>
internal sealed class FakeContainerSizes : IContainerSizes
{
    /// <summary>Bytes written, by id. What is not here is not known.</summary>
    public Dictionary<string, long> Written { get; } = [];

    public List<string> Asked { get; } = [];

    /// <summary>Waited for by each call, with its token.</summary>
    public Func<CancellationToken, Task> Walk { get; set; } = _ => Task.CompletedTask;

    public async Task<RootUsage?> MeasureAsync(string container, CancellationToken cancellationToken = default) =>
        (await MeasureAsync([container], cancellationToken)).GetValueOrDefault(container);

    public async Task<IReadOnlyDictionary<string, RootUsage>> MeasureAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        Asked.AddRange(ids);
        await Walk(cancellationToken);
        return ids.Where(Written.ContainsKey).ToDictionary(id => id, id => new RootUsage(Written[id], 1000));
    }
}
