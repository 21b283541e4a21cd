using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Portal.Data;

/// <summary>Gives columns, keys and indexes the names that the migrations give them: <c>snake_case</c>, <c>pk_</c>, <c>fk_</c>, <c>ix_</c>.</summary>
internal static class SnakeCaseNames
{
    public static void Apply(ModelBuilder builder)
    {
        foreach (var entity in builder.Model.GetEntityTypes())
        {
            if (entity.IsMappedToJson())
            {
                continue;
            }

            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(From(property.Name));
            }

            NameConstraints(entity);
        }
    }

    public static string From(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1]))
            {
                result.Append('_');
            }

            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }

    private static void NameConstraints(IMutableEntityType entity)
    {
        var table = entity.GetTableName();
        foreach (var key in entity.GetKeys())
        {
            key.SetName($"{(key.IsPrimaryKey() ? "pk" : "ak")}_{table}");
        }

        foreach (var key in entity.GetForeignKeys())
        {
            key.SetConstraintName($"fk_{table}_{key.PrincipalEntityType.GetTableName()}_{Columns(key.Properties)}");
        }

        foreach (var index in entity.GetIndexes().Where(IsUnnamed))
        {
            index.SetDatabaseName($"{(index.IsUnique ? "ux" : "ix")}_{table}_{Columns(index.Properties)}");
        }
    }

    private static bool IsUnnamed(IMutableIndex index) =>
        index.Name is null && index.FindAnnotation(RelationalAnnotationNames.Name) is null;

    private static string Columns(IEnumerable<IMutableProperty> properties) =>
        string.Join('_', properties.Select(property => From(property.Name)));
}
