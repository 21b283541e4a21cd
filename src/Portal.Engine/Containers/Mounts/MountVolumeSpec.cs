namespace Portal.Engine.Containers.Mounts;

/// <summary>Options of a volume mount.</summary>
/// <param name="NoCopy">Do not fill an empty volume with what the image has there.</param>
/// <param name="Labels">Of a volume that is made for this mount.</param>
/// <param name="Driver">Empty or <c>local</c>.</param>
/// <param name="DriverOptions">Options of the driver.</param>
/// <param name="Subpath">A folder in the volume to mount; empty for all of it.</param>
public sealed record MountVolumeSpec(
    bool NoCopy,
    IReadOnlyDictionary<string, string> Labels,
    string Driver,
    IReadOnlyDictionary<string, string> DriverOptions,
    string Subpath);
