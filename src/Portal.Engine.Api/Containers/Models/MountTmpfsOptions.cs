namespace Portal.Engine.Api.Containers.Models;

/// <summary>Options of a tmpfs mount.</summary>
internal sealed record MountTmpfsOptions
{
    public long SizeBytes { get; set; }

    public int Mode { get; set; }
}
