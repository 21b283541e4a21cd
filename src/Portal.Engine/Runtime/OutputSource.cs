namespace Portal.Engine.Runtime;

/// <summary>A process's output streams, with the numbers that Docker's stream header and file descriptors have.</summary>
public enum OutputSource
{
    /// <summary>Standard output.</summary>
    Stdout = 1,

    /// <summary>Standard error.</summary>
    Stderr = 2,
}
