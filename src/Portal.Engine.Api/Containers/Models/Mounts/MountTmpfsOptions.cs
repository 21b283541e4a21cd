namespace Portal.Engine.Api.Containers.Models.Mounts;

/// <summary>Options of a tmpfs mount.</summary>
internal sealed record MountTmpfsOptions
{
    public long SizeBytes { get; set; }

    public int Mode { get; set; }
}
