using Portal.Data.Entities.Stacks;

namespace Portal.Web.Features.Rest.Stacks.Editing;

/// <summary>A revision of a stack.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Message">Why.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="Commit">Of what was fetched from Git; else empty.</param>
/// <param name="ValueNames">The names of the values that are kept with it.</param>
internal sealed record StackRevisionItem(
    int Number, string Author, string Message, DateTimeOffset CreatedAt, string Commit, IReadOnlyList<string> ValueNames)
{
    public static StackRevisionItem Of(StackRevision row) => new(
        row.Number, row.AuthorName, row.Message, row.CreatedAt, row.Commit,
        row.ValueNames.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
