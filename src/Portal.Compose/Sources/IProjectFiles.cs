namespace Portal.Compose.Sources;

/// <summary>The files of a project. There are no others: neither the portal's host nor a node's is looked at.</summary>
public interface IProjectFiles
{
    /// <param name="path">Relative to the project's folder, with slashes, without dots.</param>
    /// <returns>The text, or null when there is no such file.</returns>
    /// <exception cref="InvalidDataException">There is, and it is no text; the message says why, after the file's name.</exception>
    string? Read(string path);
}
