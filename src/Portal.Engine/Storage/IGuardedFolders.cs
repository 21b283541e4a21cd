namespace Portal.Engine.Storage;

/// <summary>Folders in memory, and owners of files: for what containers are given that no disk is to have.</summary>
/// <remarks>Singleton; any thread.</remarks>
public interface IGuardedFolders
{
    /// <summary>
    /// Makes a folder one in memory (tmpfs(5)) that only root enters, on which nothing is executable or a device; does nothing when it is
    /// one already. What is in it is gone with the host's next start.
    /// </summary>
    /// <param name="path">The folder; made when it is missing.</param>
    /// <param name="bytes">What it holds at most.</param>
    /// <exception cref="IOException">It can't be mounted.</exception>
    void EnsureInMemory(string path, long bytes);

    /// <summary>Gives a file or folder its owner, group and permission bits.</summary>
    /// <param name="path">The file; no link is followed.</param>
    /// <param name="userId">Its owner's number on the host.</param>
    /// <param name="groupId">Its group's number on the host.</param>
    /// <param name="mode">Permission bits, 0 to 0777 (octal).</param>
    /// <exception cref="IOException">There is no such file, or it can't be changed.</exception>
    void SetOwner(string path, int userId, int groupId, int mode);
}
