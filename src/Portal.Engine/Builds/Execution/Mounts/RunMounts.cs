namespace Portal.Engine.Builds.Execution.Mounts;

/// <summary>What the mounts of a <c>RUN</c> came to. Disposed when the step is over.</summary>
internal sealed class RunMounts : IDisposable
{
    private readonly List<IDisposable> _holds = [];

    /// <summary>As <see cref="Containers.ContainerSpec.Binds"/>.</summary>
    public List<string> Binds { get; } = [];

    /// <summary>As <see cref="Containers.ContainerSpec.Tmpfs"/>.</summary>
    public Dictionary<string, string> Tmpfs { get; } = new(StringComparer.Ordinal);

    /// <summary>Further variables of the step's programs; those of its stage win.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>How many sockets of SSH agents have a place that was chosen for them.</summary>
    public int Sockets { get; set; }

    /// <summary>Where something is mounted.</summary>
    public IEnumerable<string> Targets => [.. Binds.Select(bind => bind.Split(':')[1]), .. Tmpfs.Keys];

    /// <summary>The folders of cache mounts.</summary>
    public Dictionary<MountOptions, CacheHold> Caches { get; } = [];

    public T Hold<T>(T hold)
        where T : IDisposable
    {
        _holds.Add(hold);
        return hold;
    }

    public void Dispose() => _holds.ForEach(hold => hold.Dispose());
}
