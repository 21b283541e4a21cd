namespace Portal.Engine.Volumes.Drivers;

/// <summary>
/// Replaces all files of a folder that can't itself be replaced, because something is mounted there: by renames within it, so that they
/// stay on their file system. A walk-through: <see cref="Begin"/>, fill the folder that it gives, <see cref="Place"/>. After a crash at
/// any moment <see cref="Settle"/> ends what was begun: the folder is then as it was, or has the new files alone.
/// </summary>
/// <remarks>
/// Whoever else has the folder mounted may write into it at any time, also into what is made here: everything goes by open handles, and
/// no link is followed.
/// </remarks>
public interface IVolumePlacing
{
    /// <summary>Makes a folder within <paramref name="root"/> for new files.</summary>
    /// <param name="root">Where something is mounted.</param>
    /// <param name="name">Of the working folder in it, which nothing else has. The caller has written it down.</param>
    /// <returns>The folder to fill, which can't be led elsewhere; disposing closes it and removes nothing.</returns>
    /// <exception cref="Errors.EngineException">InvalidArgument: it is read-only. Internal: it could not be made.</exception>
    VolumeAside Begin(string root, string name);

    /// <summary>Lets the new files, the folder's own owner, mode and attributes among them, take the place of what is there.</summary>
    /// <exception cref="Errors.EngineException">
    /// Internal: something can't be moved, a place where something else is mounted for example. All is as it was, or
    /// <see cref="Settle"/> ends it.
    /// </exception>
    void Place(string root, string name);

    /// <summary>Goes on with what <see cref="Place"/> began, or removes what <see cref="Begin"/> made. Idempotent.</summary>
    /// <exception cref="Errors.EngineException">Internal: it failed again.</exception>
    void Settle(string root, string name);
}
