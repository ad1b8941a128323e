/**
 * Asks a PostgreSQL what is in a database, one fact a line, the same in every major version: of each
 * table its rows and a sum over the checksums of their texts, which does not depend on their order;
 * of each sequence where it stands; and how many indexes and constraints there are. Settings that
 * change how a value is written are set. What an extension brings is the extension's own.
 */
export const DATABASE_FACTS = `set timezone to 'UTC';
set datestyle to 'ISO, YMD';
set intervalstyle to 'postgres';
set extra_float_digits to 1;
set bytea_output to 'hex';
set search_path to '';
select format(
  'select %L, count(*), coalesce(sum((''x'' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0) from %I.%I t',
  'table ' || n.nspname || '.' || c.relname, n.nspname, c.relname)
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass
    and d.objid = c.oid and d.deptype = 'e')
order by n.nspname, c.relname \\gexec
select 'sequence ' || schemaname || '.' || sequencename, last_value
from pg_catalog.pg_sequences order by schemaname, sequencename;
select 'indexes ' || schemaname || '.' || tablename, count(*)
from pg_catalog.pg_indexes where schemaname !~ '^pg_' group by schemaname, tablename order by schemaname, tablename;
select 'constraints ' || conrelid::regclass, count(*)
from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace
where contype in ('p', 'u', 'f', 'c', 'x') and conrelid <> 0 and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
group by conrelid order by conrelid::regclass::text;
`;
