namespace Portal.Data.Migrating;

/// <summary>One file of <c>db/migrations</c>.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Name">The file's name without <c>.sql</c>: <c>0001_create_people_and_audit</c>.</param>
/// <param name="Sql">Its text.</param>
/// <param name="Checksum">SHA-256 of the text in lower-case hexadecimal.</param>
public sealed record Migration(int Number, string Name, string Sql, string Checksum);
