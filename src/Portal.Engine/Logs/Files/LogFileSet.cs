using System.Globalization;

namespace Portal.Engine.Logs.Files;

/// <summary>
/// The log files of one container, as a chain of numbers. A rotated file is called <c>container.log.NUMBER</c>; the one
/// that is written now has no number in its name, but counts as the one after the newest rotated file. A file so keeps its
/// number when it is rotated, and readers know where they are whatever is renamed meanwhile.
/// </summary>
internal sealed class LogFileSet(string currentPath)
{
    public string CurrentPath { get; } = currentPath;

    public string Folder { get; } = Path.GetDirectoryName(currentPath)!;

    public string RotatedPath(int number) => $"{CurrentPath}.{number.ToString("D6", CultureInfo.InvariantCulture)}";

    /// <summary>Numbers of the rotated files, oldest first.</summary>
    public int[] Rotated()
    {
        if (!Directory.Exists(Folder))
        {
            return [];
        }

        var prefix = Path.GetFileName(CurrentPath) + ".";
        return Directory.EnumerateFiles(Folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0)
            .Order()
            .ToArray();
    }

    /// <summary>The number of the file that is written now, whether it is there or not.</summary>
    public int Current() => Rotated() is [.., var newest] ? newest + 1 : 1;

    /// <summary>Opens the file with the lowest number from the given one on; null when there is none.</summary>
    public LogFile? OpenFrom(int number)
    {
        while (true)
        {
            var rotated = Rotated();
            var next = rotated.FirstOrDefault(item => item >= number);
            if (next > 0)
            {
                if (LogFile.TryOpen(RotatedPath(next), next) is { } file)
                {
                    return file;
                }

                // Dropped between the listing and the opening: the next one then.
                continue;
            }

            var current = rotated is [.., var newest] ? newest + 1 : 1;
            if (current < number)
            {
                return null;
            }

            var opened = LogFile.TryOpen(CurrentPath, current);
            if (Current() == current)
            {
                return opened;
            }

            // Rotated meanwhile, so that it is not known which of the two was opened.
            opened?.Dispose();
        }
    }

    /// <summary>True when nothing more is written to the file: a newer one is there.</summary>
    public bool IsComplete(int number)
    {
        var current = Current();
        return current > number + 1 || (current == number + 1 && File.Exists(CurrentPath));
    }
}
