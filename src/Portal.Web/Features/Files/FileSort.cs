namespace Portal.Web.Features.Files;

/// <summary>What a list of files is sorted by; folders come first in any case.</summary>
public enum FileSort
{
    Name,
    Size,
    Modified,
    Owner,
}
