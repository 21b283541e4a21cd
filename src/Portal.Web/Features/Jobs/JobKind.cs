namespace Portal.Web.Features.Jobs;

/// <summary>What a job does.</summary>
internal enum JobKind
{
    Prune,
    VolumeBackup,
    RestartContainer,
    RestartStack,
    Command,
    PortalBackup,
}
