//! The history of the schema, for SQLite and PostgreSQL. Imports nothing of ours: entities move on,
//! a migration is what was.

mod ddl;
mod m20261124_000001_create_schema;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

/// All migrations, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20261124_000001_create_schema::Migration)]
    }

    fn migration_table_name() -> DynIden {
        "schema_migration".into_iden()
    }
}
