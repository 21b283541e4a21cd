namespace Portal.Engine.Api.Streams;

/// <summary>Which streams a client is connected to, and what the end of its input means.</summary>
internal sealed record ProcessRelayOptions
{
    /// <summary>Pass the client's input on.</summary>
    public bool Stdin { get; init; }

    /// <summary>Send standard output.</summary>
    public bool Stdout { get; init; }

    /// <summary>Send standard error.</summary>
    public bool Stderr { get; init; }

    /// <summary>
    /// The client is at a WebSocket: it gets bytes as they are, also where there is no terminal and nothing else says which stream they
    /// are of; and it has no half of a connection to end, so that the end of its input is its leaving.
    /// </summary>
    public bool IsWebSocket { get; init; }

    /// <summary>True when the end of the client's input is the end of the process's; false when the client just leaves.</summary>
    public bool CloseStdin { get; init; }

    /// <summary>Keys that end the connection; null when they mean nothing, because there is no terminal.</summary>
    public DetachKeys? DetachKeys { get; init; }
}
