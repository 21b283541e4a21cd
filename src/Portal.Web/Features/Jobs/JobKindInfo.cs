namespace Portal.Web.Features.Jobs;

/// <summary>What there is to know of a kind of job.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">As programs and the database name it; never changed.</param>
/// <param name="Title">As people do, in English.</param>
/// <param name="Repeats">Doing it twice does no harm: one that a portal's end broke off is begun again.</param>
internal sealed record JobKindInfo(JobKind Kind, string Name, string Title, bool Repeats)
{
    public static IReadOnlyList<JobKindInfo> All { get; } =
    [
        new(JobKind.Prune, "prune", N("Prune what nothing uses"), true),
        new(JobKind.VolumeBackup, "volume-backup", N("Back up a volume"), true),
        new(JobKind.RestartContainer, "restart-container", N("Restart a container"), false),
        new(JobKind.RestartStack, "restart-stack", N("Restart a stack"), false),
        new(JobKind.Command, "command", N("Run a command in a container"), false),
        new(JobKind.PortalBackup, "portal-backup", N("Back up the portal"), true),
    ];

    /// <summary>Null where there is none: it was written by a newer portal, or by a program that means something else.</summary>
    public static JobKindInfo? Find(string name) => All.FirstOrDefault(info => info.Name == name);

    public static JobKindInfo Of(JobKind kind) => All.First(info => info.Kind == kind);
}
