namespace Portal.Engine.Linux.Runtime.Cdi.Model;

/// <summary>A device node; what it leaves out is read from the host's node.</summary>
internal sealed record CdiDeviceNode
{
    public string Path { get; set; } = "";

    public string HostPath { get; set; } = "";

    public string Type { get; set; } = "";

    public long? Major { get; set; }

    public long? Minor { get; set; }

    public uint? FileMode { get; set; }

    public string Permissions { get; set; } = "";

    public uint? Uid { get; set; }

    public uint? Gid { get; set; }
}
