using System.Text;

namespace Portal.Compose.Sources;

/// <summary>The files of a project. There are no others: neither the portal's host nor a node's is looked at.</summary>
public interface IProjectFiles
{
    /// <param name="path">Relative to the project's folder, with slashes, without dots.</param>
    /// <returns>The text, or null when there is no such file.</returns>
    /// <exception cref="InvalidDataException">There is, and it is no text; the message says why, after the file's name.</exception>
    string? Read(string path);

    /// <summary>The bytes of a file, whatever they are; null when there is no such file.</summary>
    /// <param name="path">As of <see cref="Read"/>.</param>
    byte[]? ReadBytes(string path) => Read(path) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    /// <summary>
    /// What tells all that is at a path, a file or a folder with all below it, from anything else that could be there; null when nothing is.
    /// </summary>
    /// <param name="path">As of <see cref="Read"/>; empty for the project's folder.</param>
    string? DigestOf(string path) => null;
}
