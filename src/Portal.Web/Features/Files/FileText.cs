using System.Globalization;
using System.Text;

namespace Portal.Web.Features.Files;

/// <summary>Files in words and letters.</summary>
public static class FileText
{
    private const int BytesInLine = 16;

    /// <summary>As ls(1) prints it: <c>-rwxr-sr-t</c>.</summary>
    public static string Permissions(uint mode)
    {
        var letters = new char[10];
        letters[0] = (mode & 0xF000) switch
        {
            0x4000 => 'd',
            0xA000 => 'l',
            0x1000 => 'p',
            0x2000 => 'c',
            0x6000 => 'b',
            0xC000 => 's',
            _ => '-',
        };
        for (var bit = 0; bit < 9; bit++)
        {
            letters[bit + 1] = (mode & (0x100u >> bit)) != 0 ? "rwx"[bit % 3] : '-';
        }

        Special(3, 0x800, 's');
        Special(6, 0x400, 's');
        Special(9, 0x200, 't');
        return new string(letters);

        void Special(int place, uint bit, char letter)
        {
            if ((mode & bit) != 0)
            {
                letters[place] = letters[place] == 'x' ? letter : char.ToUpperInvariant(letter);
            }
        }
    }

    /// <summary>As chmod(1) takes it: <c>0755</c>.</summary>
    public static string Octal(uint mode) => "0" + Convert.ToString((int)(mode & 0xFFF), 8).PadLeft(3, '0');

    /// <summary>So many files, in words.</summary>
    public static string Files(long count) => Plural(count, "{0} file", "{0} files");

    /// <summary>So many folders, in words.</summary>
    public static string Folders(long count) => Plural(count, "{0} folder", "{0} folders");

    /// <summary>What a device, pipe or socket is.</summary>
    public static string KindOf(FileItem item) => item.Kind switch
    {
        FileKind.Folder => T("folder"),
        FileKind.Link => T("link"),
        FileKind.File => T("file"),
        _ => (item.Mode & 0xF000) switch
        {
            0x1000 => T("pipe"),
            0x2000 => T("character device"),
            0x6000 => T("block device"),
            0xC000 => T("socket"),
            _ => T("special file"),
        },
    };

    public static string Icon(FileItem item) => item switch
    {
        { Kind: FileKind.Folder } => "folder",
        { Kind: FileKind.Link, TargetKind: FileKind.Folder } => "drive_file_move",
        { Kind: FileKind.Link, IsBroken: true } => "link_off",
        { Kind: FileKind.Link } => "link",
        { Kind: FileKind.Special } => "settings_input_component",
        _ => "draft",
    };

    /// <summary>
    /// The text that bytes are, or null when they are none: they hold a NUL, or what is no UTF-8. A letter that is cut at the end does not
    /// count.
    /// </summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, bool isWhole)
    {
        if (bytes.Contains((byte)0))
        {
            return null;
        }

        // At most three bytes of a letter can be missing their last.
        for (var cut = 0; cut <= (isWhole ? 0 : Math.Min(3, bytes.Length)); cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(bytes[..^cut]))
            {
                return Encoding.UTF8.GetString(bytes[..^cut]);
            }
        }

        return null;
    }

    /// <summary>Bytes as hexdump(1) shows them: offset, numbers, and what can be read of them.</summary>
    public static string Dump(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        for (var at = 0; at < bytes.Length; at += BytesInLine)
        {
            var line = bytes[at..Math.Min(at + BytesInLine, bytes.Length)];
            text.Append(CultureInfo.InvariantCulture, $"{at:x8} ");
            for (var index = 0; index < BytesInLine; index++)
            {
                text.Append(index % 8 == 0 ? " " : "");
                text.Append(index < line.Length ? line[index].ToString("x2", CultureInfo.InvariantCulture) + " " : "   ");
            }

            text.Append(" |");
            foreach (var value in line)
            {
                text.Append(value is >= 0x20 and < 0x7F ? (char)value : '.');
            }

            text.Append("|\n");
        }

        return text.ToString();
    }
}
