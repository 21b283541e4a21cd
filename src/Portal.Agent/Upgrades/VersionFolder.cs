using System.Text;
using Portal.Engine.Storage;

namespace Portal.Agent.Upgrades;

/// <summary>
/// The versions that the portal has brought, and the launcher's records of them. Each step is one rename(2), so that whatever ends in the
/// middle leaves the version before or the new one: <c>trial</c> makes the launcher start a version, and becomes <c>current</c> by this
/// process or <c>failed</c> by the launcher, whichever comes first.
/// </summary>
/// <remarks>Singleton; any thread, one upgrade at a time.</remarks>
internal sealed class VersionFolder(LaunchedVersion version, IDurableFiles files)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly string[] s_records = ["trial", "current", "previous"];

    /// <summary>The archive while it comes.</summary>
    public string Incoming => Path.Combine(version.Folder, "incoming");

    /// <summary>The version that this process is tried as, or null when it is on no trial.</summary>
    public VersionRecord? Trial => Read("trial") is { } trial && trial.Name == version.Name ? trial : null;

    /// <summary>How the last upgrade ended; null when there was none, or it has not ended.</summary>
    public (VersionRecord Record, bool Succeeded)? LastEnd =>
        Read("failed") is { } failed ? (failed, false)
        : Read("current") is { } current && current.Name == version.Name ? (current, true)
        : null;

    /// <summary>Where a version is unpacked before it gets its name.</summary>
    public string Unpacking(string name) => Path.Combine(version.Folder, name + ".new");

    public void Make() => Directory.CreateDirectory(version.Folder, Private);

    /// <summary>Gives an unpacked version its name, and puts it on trial: the launcher's next start is that of the new one.</summary>
    public void Begin(OfferedVersion offer)
    {
        var unpacked = Unpacking(offer.Sha256);
        var folder = Path.Combine(version.Folder, offer.Sha256);
        files.WriteAtomically(Path.Combine(unpacked, "BASE"), Encoding.ASCII.GetBytes(version.Base + '\n'));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Move(unpacked, folder);
        File.Delete(RecordPath("attempts"));
        File.Delete(RecordPath("failed"));
        files.FlushFolder(version.Folder);
        var record = new VersionRecord(offer.Id, offer.Sha256, offer.Build);
        files.WriteAtomically(RecordPath("trial"), Encoding.ASCII.GetBytes(record.ToText()));
    }

    /// <summary>Keeps this version, which was on trial.</summary>
    /// <returns>False when the launcher has given it up meanwhile.</returns>
    public bool Confirm()
    {
        if (Trial is null)
        {
            return false;
        }

        if (Read("current") is { } current && current.Name != version.Name)
        {
            files.WriteAtomically(RecordPath("previous"), Encoding.ASCII.GetBytes(current.ToText()));
        }

        try
        {
            File.Move(RecordPath("trial"), RecordPath("current"), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        files.FlushFolder(version.Folder);
        return true;
    }

    /// <summary>Removes what no record names: versions before the previous one, those that were gone back from, and what was broken off.</summary>
    public void Prune()
    {
        if (!Directory.Exists(version.Folder))
        {
            return;
        }

        var kept = s_records.Select(record => Read(record)?.Name).Append(version.Name).ToHashSet();
        File.Delete(Incoming);
        foreach (var folder in Directory.GetDirectories(version.Folder).Where(folder => !kept.Contains(Path.GetFileName(folder))))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private VersionRecord? Read(string record) => VersionRecord.Read(RecordPath(record));

    private string RecordPath(string record) => Path.Combine(version.Folder, record);
}
