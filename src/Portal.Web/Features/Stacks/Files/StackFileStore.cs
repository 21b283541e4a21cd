using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities.Stacks;

namespace Portal.Web.Features.Stacks.Files;

/// <summary>Keeps the files of revisions: the first Compose file is the revision's own, others are rows with shared contents.</summary>
internal static class StackFileStore
{
    /// <summary>The files of a revision.</summary>
    public static async Task<StackFileSet> ReadAsync(
        PortalDbContext database, StackRevision revision, CancellationToken cancellationToken)
    {
        var rows = await (
            from file in database.StackFiles
            join content in database.StackContents on new { file.StackId, file.Digest } equals new { content.StackId, content.Digest }
            where file.StackId == revision.StackId && file.Revision == revision.Number
            select new { file.Path, file.IsExecutable, content.Content }).AsNoTracking().ToListAsync(cancellationToken);
        return new StackFileSet(
            revision.ComposeFiles,
            [
                KeyValuePair.Create(revision.ComposeFiles[0], StackFileContent.Of(revision.File)),
                .. rows.Select(row => KeyValuePair.Create(row.Path, new StackFileContent(row.Content, row.IsExecutable))),
            ]);
    }

    /// <summary>Puts files to a revision that is being made; they are written with it.</summary>
    public static async Task AddAsync(
        PortalDbContext database, StackRevision revision, StackFileSet files, CancellationToken cancellationToken)
    {
        revision.ComposeFiles = [.. files.ComposeFiles];
        revision.File = files.Read(files.ComposeFiles[0])!;
        var others = files.Files.Where(file => file.Key != files.ComposeFiles[0]).ToList();
        var digests = others.Select(file => file.Value.Digest).ToList();
        var kept = await database.StackContents.Where(content => content.StackId == revision.StackId && digests.Contains(content.Digest))
            .Select(content => content.Digest).ToListAsync(cancellationToken);
        var known = kept.Select(Convert.ToHexString).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, content) in others)
        {
            if (known.Add(Convert.ToHexString(content.Digest)))
            {
                database.StackContents.Add(
                    new StackContent { StackId = revision.StackId, Digest = content.Digest, Content = content.Bytes });
            }

            database.StackFiles.Add(new StackFile
            {
                StackId = revision.StackId,
                Revision = revision.Number,
                Path = path,
                Digest = content.Digest,
                IsExecutable = content.IsExecutable,
            });
        }
    }
}
