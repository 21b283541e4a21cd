using Portal.Contracts.Images.V1;

namespace Portal.Web.Features.Images.Listing;

/// <summary>Names and ids of images for people.</summary>
public static class ImageText
{
    private const string Algorithm = "sha256:";

    /// <summary>The first twelve digits of an id, or all of it when a node sends a shorter one.</summary>
    public static string ShortId(string id)
    {
        var digits = Digits(id);
        return digits[..Math.Min(12, digits.Length)];
    }

    /// <summary>An id without its algorithm.</summary>
    public static string Digits(string id) => id.StartsWith(Algorithm, StringComparison.Ordinal) ? id[Algorithm.Length..] : id;

    /// <summary>What to call an image by: its first name, or its id.</summary>
    public static string NameOf(Image image) => image.Names.FirstOrDefault() ?? ShortId(image.Id);

    /// <summary>What to give a node that is to find exactly this image: a name, or the full id.</summary>
    public static string ReferenceOf(Image image) => image.Names.FirstOrDefault() ?? image.Id;

    /// <summary>Repository and tag of a name; the tag is empty where there is none.</summary>
    public static (string Repository, string Tag) Split(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var tagged = at < 0 ? name : name[..at];
        var colon = tagged.LastIndexOf(':');

        // The colon of a port stands before a slash.
        return colon > tagged.LastIndexOf('/') ? (name[..colon], name[(colon + 1)..]) : (name, "");
    }

    /// <summary>The command of a history step without what builders put around it.</summary>
    public static string Command(string createdBy)
    {
        const string noOperation = "/bin/sh -c #(nop)";
        const string shell = "/bin/sh -c ";
        var text = createdBy.Trim();
        if (text.StartsWith(noOperation, StringComparison.Ordinal))
        {
            return text[noOperation.Length..].Trim();
        }

        text = text.EndsWith("# buildkit", StringComparison.Ordinal) ? text[..^"# buildkit".Length].TrimEnd() : text;
        return text.StartsWith(shell, StringComparison.Ordinal) ? $"RUN {text[shell.Length..]}"
            : text.StartsWith("RUN " + shell, StringComparison.Ordinal) ? $"RUN {text[(4 + shell.Length)..]}"
            : text;
    }
}
