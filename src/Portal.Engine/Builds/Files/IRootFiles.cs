using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Builds.Files;

/// <summary>Reads the mounted roots of stages and images.</summary>
public interface IRootFiles
{
    /// <summary>Opens the tree beneath a folder. Nothing in it leads out of it, whatever links it holds.</summary>
    /// <param name="rootPath">The folder.</param>
    /// <param name="layers">Of a root, the folders that its files are in, topmost first.</param>
    IFileTree Open(string rootPath, IReadOnlyList<string>? layers = null);

    /// <summary>
    /// The ids that <c>user[:group]</c> stands for, each part a name or a number. A user alone gives the group with the same number, as
    /// <c>--chown</c> does in Docker.
    /// </summary>
    /// <param name="rootPath">The root whose passwd and group files know the names.</param>
    /// <param name="owner">What was given.</param>
    /// <exception cref="Errors.EngineException">InvalidArgument: no such name there.</exception>
    (uint UserId, uint GroupId) FindOwner(string rootPath, string owner);

    /// <summary>Makes a folder of the host with an owner and a mode, for a mount. Does nothing when it is there.</summary>
    /// <param name="path">Its path; the folder above is there.</param>
    /// <param name="mode">Permission bits.</param>
    /// <param name="userId">The owner.</param>
    /// <param name="groupId">The group.</param>
    void MakeFolder(string path, int mode, uint userId, uint groupId);

    /// <summary>Makes a file of the host that only a mount shows, such as a secret.</summary>
    void MakeFile(string path, ReadOnlyMemory<byte> content, int mode, uint userId, uint groupId);

    /// <summary>
    /// Removes an empty folder or an empty file of a mounted root, such as what a runtime made to mount on. Does nothing when it is something
    /// else, holds something, or a link is on the way.
    /// </summary>
    /// <param name="rootPath">The root; nothing runs on it.</param>
    /// <param name="path">The path beneath it.</param>
    void RemoveEmpty(string rootPath, string path);

    /// <summary>Removes a folder of the host with all in it, no link followed.</summary>
    void RemoveFolder(string path);

    /// <summary>
    /// Mounts a folder of the host once more, with the owners that its files have on the disk shown as those ids of a container. What the
    /// container makes there has the ids that it sees on the disk.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="place">Where: made by this call, its folder above too.</param>
    /// <param name="ids">The container's ids.</param>
    /// <exception cref="Errors.EngineException">Unavailable: the kernel or the file system can't show other owners.</exception>
    void MountMapped(string folder, string place, IdMapping ids);

    /// <summary>Takes such a mount and its place away; never what is in the folder. Does nothing when there is none.</summary>
    void UnmountMapped(string place);

    /// <summary>Bytes of all files beneath a folder of the host.</summary>
    long Measure(string path);
}
