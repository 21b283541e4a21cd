namespace Portal.Bench.Peers;

/// <summary>An engine under measurement, with folders, a socket and a network namespace of its own.</summary>
public interface IPeer : IAsyncDisposable
{
    string Name { get; }

    string Version { get; }

    /// <summary>Why it can't be measured; null when it can.</summary>
    string? Unavailable { get; set; }

    Task StartAsync();

    /// <summary>The program and its first arguments, before <c>run</c>, <c>exec</c> and so on.</summary>
    IReadOnlyList<string> Command { get; }

    /// <summary>The network namespace that is its host; empty for this machine's own.</summary>
    string Namespace { get; }

    /// <summary>The program and its arguments that run another one on its host.</summary>
    IReadOnlyList<string> Enter { get; }

    /// <summary>Its run folder, which stands in the command lines of its daemons and monitors alone.</summary>
    string RunFolder { get; }

    /// <summary>Where it keeps images, which stands in the command lines of what it starts to unpack them.</summary>
    string DataFolder { get; }

    /// <summary>What its <c>pull</c> wants to be told for a registry without TLS on a loopback address.</summary>
    IReadOnlyList<string> PlainHttp { get; }

    /// <summary>The process that does the work of its containers' networks; null when that is none.</summary>
    int? DaemonId { get; }

    /// <summary>The file name of its monitors' program, one process a container.</summary>
    string Monitor { get; }
}
