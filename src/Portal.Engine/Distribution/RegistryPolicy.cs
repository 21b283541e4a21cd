namespace Portal.Engine.Distribution;

/// <summary>How patient we are with registries.</summary>
internal sealed record RegistryPolicy
{
    /// <summary>Attempts without any progress before a passing failure is taken for a lasting one.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>Attempts for one blob in all, so that a registry which sends a byte at a time comes to an end.</summary>
    public int MaxTotalAttempts { get; init; } = 50;

    /// <summary>The wait after the first failure; it doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait, that which a registry asks for (<c>Retry-After</c>) included.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer's head, or the next bytes of a body, may take.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the question may take whether an insecure registry speaks TLS.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Layers that are fetched at the same time, by all pulls together.</summary>
    public int ParallelDownloads { get; init; } = 4;
}
